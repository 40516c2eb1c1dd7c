// Keeps what the last build knew, so that the next one makes only what changed.
const kept = [".broadsheet", "output"];

module.exports = {
  onPreBuild: ({ utils }) => utils.cache.restore(kept),
  onPostBuild: ({ utils }) => utils.cache.save(kept),
};
