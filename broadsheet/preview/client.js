// What the preview adds to a page: reload, labels, a bar and errors. Pages that are published never hold it.
(() => {
  const me = document.currentScript;
  const base = new URL(".", me.src);
  const page = me.dataset.page;
  let seen = me.dataset.seen;
  let served = document.documentElement.cloneNode(true); // as it came, before other scripts changed it
  let sheets = [...served.querySelectorAll("head style")].map((style) => style.textContent);
  const partsAt = {}; // path of a file that was swapped -> instant of the plan that it was swapped for
  let led = 0; // the number of the last lead to another page that this tab need not follow
  let left = false; // for another page; the browser may keep this one for going back
  let stream;
  let said = "";

  // --- the page ---------------------------------------------------------------------------------------------------

  async function update() {
    const answer = await fetch(location.href.split("#")[0], { cache: "no-store" });
    const [text, styles] = unstyled(await answer.text());
    const now = new DOMParser().parseFromString(text, "text/html");
    const script = now.querySelector("script[data-seen]");
    if (!answer.ok || !script || seen === "none" || seen === "" || scripts(now) !== scripts(served)) return reload();
    restyle(styles);
    unlabel();
    patch(document.documentElement, served, now.documentElement);
    served = now.documentElement;
    seen = script.dataset.seen;
    await state();
    connect();
  }

  function scripts(tree) {
    return [...tree.querySelectorAll("script:not([data-seen]):not([type='application/ld+json'])")]
      .map((one) => one.outerHTML)
      .join();
  }

  // A page without its style elements, and what they say: the policy of this page holds for what is parsed here, too.
  function unstyled(text) {
    const found = [];
    const end = text.indexOf("</head>");
    const head = text.slice(0, end).replace(/<style[^>]*>([^]*?)<\/style>/g, (_, style) => (found.push(style), ""));
    return [head + text.slice(end), found];
  }

  // The page's policy allows the styles that it came with. A sheet made here is none of the page's.
  function restyle(styles) {
    if (styles.join() === sheets.join()) return;
    sheets = styles;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.join("\n"));
    for (const style of document.querySelectorAll("head style")) if (style.sheet) style.sheet.disabled = true;
    document.adoptedStyleSheets = [sheet];
  }

  // Makes of `live` what `now` is where it differs from `was`, what `live` was served as: the rest keeps what the reader
  // (an open <details>, the focus) and the page's scripts have made of it.
  function patch(live, was, now) {
    if (was.isEqualNode(now)) return;
    if (live.nodeType !== Node.ELEMENT_NODE) {
      live.data = now.data;
      return;
    }
    for (const { name, value } of now.attributes) if (was.getAttribute(name) !== value) live.setAttribute(name, value);
    for (const { name } of [...was.attributes]) if (!now.hasAttribute(name)) live.removeAttribute(name);
    const [a, b, c] = [children(live), children(was), children(now)];
    if (a.length !== b.length || a.some((node, i) => node.nodeName !== b[i].nodeName)) {
      live.replaceChildren(...c.map((node) => document.importNode(node, true))); // a script was here
      return;
    }
    let start = 0;
    while (start < b.length && start < c.length && b[start].isEqualNode(c[start])) start++;
    let end = 0;
    while (end < b.length - start && end < c.length - start && b.at(-1 - end).isEqualNode(c.at(-1 - end))) end++;
    const after = a[a.length - end] || null;
    const old = a.slice(start, a.length - end);
    const was2 = b.slice(start, b.length - end);
    const fresh = c.slice(start, c.length - end);
    fresh.forEach((node, i) => {
      if (i < old.length && was2[i].nodeName === node.nodeName) patch(old[i], was2[i], node);
      else if (i < old.length) old[i].replaceWith(document.importNode(node, true));
      else live.insertBefore(document.importNode(node, true), after);
    });
    for (const node of old.slice(fresh.length)) node.remove();
  }

  function children(node) {
    return [...node.childNodes].filter((one) => one.nodeName !== "STYLE" && !one.nodeName.startsWith("BROADSHEET-"));
  }

  function reload() {
    sessionStorage.setItem("broadsheet-scroll", JSON.stringify([location.pathname, scrollX, scrollY]));
    location.reload();
  }

  function scrollBack() {
    const kept = JSON.parse(sessionStorage.getItem("broadsheet-scroll") || "[]");
    sessionStorage.removeItem("broadsheet-scroll");
    if (kept[0] === location.pathname) scrollTo({ left: kept[1], top: kept[2], behavior: "instant" });
  }

  // --- files that the page uses -----------------------------------------------------------------------------------

  function parts() {
    const found = [...served.querySelectorAll("link[rel~='stylesheet'], script[src], img[src], [data-fragment]")]
      .map((one) => new URL(one.dataset.fragment || one.getAttribute("src") || one.getAttribute("href"), location.href))
      .filter((url) => url.origin === location.origin && !/^\/(\.broadsheet|pictures)\//.test(url.pathname))
      .map((url) => decodeURI(url.pathname));
    return [...new Set(found)].slice(0, 50);
  }

  function swap(path, at) {
    partsAt["/" + path] = at;
    const same = (url) => url && decodeURI(new URL(url, location.href).pathname) === "/" + path;
    const sheets = [...document.querySelectorAll("link[rel~='stylesheet']")].filter((one) => same(one.href));
    const pictures = [...document.images].filter((one) => same(one.src));
    if (!sheets.length && !pictures.length) return reload();
    const stamp = "?" + Date.now();
    for (const sheet of sheets) sheet.href = "/" + encodeURI(path) + stamp;
    for (const picture of pictures) picture.src = "/" + encodeURI(path) + stamp;
  }

  // --- the stream -------------------------------------------------------------------------------------------------

  // A hidden page lets go of it: browsers open only a few connections to one host.
  function connect() {
    stream?.close();
    stream = undefined;
    if (document.hidden || left) return;
    const query = new URLSearchParams([["page", page], ["seen", seen === "none" ? "" : seen], ["led", led], ...parts().map((path) => ["part", `${partsAt[path] || me.dataset.at}:${path}`])]);
    stream = new EventSource(new URL("events?" + query, base));
    stream.onopen = () => mark(true);
    stream.onerror = () => mark(false);
    stream.onmessage = (message) => {
      const { kind, path } = JSON.parse(message.data);
      if (kind === "page") update().catch(reload);
      else if (kind === "part") state().then((at) => swap(path, at)).catch(reload);
      else if (kind === "go") location.assign("/" + encodeURI(path).replace(/index\.html$/, ""));
      else if (kind === "state") state();
    };
  }

  // Who goes back to a page that the browser has kept was led away from it already.
  function knowLeads() {
    led = Math.max(led, me.dataset.led, sessionStorage.getItem("broadsheet-led"));
    sessionStorage.setItem("broadsheet-led", led);
  }

  // --- what is said about it --------------------------------------------------------------------------------------

  async function state() {
    const answer = await fetch(new URL("state?" + new URLSearchParams({ page }), base), { cache: "no-store" });
    if (!answer.ok) return "";
    const { at, ...value } = await answer.json();
    label(value);
    const text = JSON.stringify(value);
    if (text !== said) {
      said = text;
      bar(value);
      overlay(value.errors);
    }
    return at;
  }

  function unlabel() {
    for (const one of document.querySelectorAll("broadsheet-label")) one.remove();
  }

  function label({ labels, page: own }) {
    unlabel();
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.origin !== location.origin || link.pathname === location.pathname) continue;
      const text = labels[link.pathname];
      if (text) link.after(badge(text));
    }
    if (own.label) document.querySelector("h1")?.prepend(badge(own.label));
  }

  function badge(text) {
    const made = document.createElement("broadsheet-label");
    made.textContent = text;
    made.lang = "en";
    made.dir = "ltr";
    Object.assign(made.style, {
      display: "inline-block", margin: "0 .4em", padding: ".1em .45em", borderRadius: ".2em", background: "#f5c518",
      color: "#1b1a18", font: "600 .6875rem/1.5 system-ui, sans-serif", letterSpacing: "0", textTransform: "none",
      verticalAlign: "middle", fontStyle: "normal",
    });
    return made;
  }

  const host = document.createElement("broadsheet-preview");
  const root = host.attachShadow({ mode: "open" });
  const look = new CSSStyleSheet();
  look.replaceSync(`
    :host { all: initial; color-scheme: light; }
    * { box-sizing: border-box; font: 13px/1.5 system-ui, sans-serif; }
    a { color: inherit; }
    .bar { position: fixed; inset: auto 0 0 0; z-index: 2147483646; background: #1b1a18; color: #fffdf9; max-height: 60vh;
      overflow: auto; padding: 0 12px; }
    .bar.away { box-shadow: inset 0 3px #f5c518; }
    summary { cursor: pointer; padding: 6px 0; }
    summary b { font-weight: 700; color: #f5c518; }
    h2 { font-weight: 700; margin: 8px 0 2px; }
    ul { margin: 0 0 8px; padding-inline-start: 18px; }
    .errors { position: fixed; inset: 0; z-index: 2147483647; background: rgb(27 26 24 / .6); overflow: auto; padding: 4vh 4vw; }
    .sheet { background: #fffdf9; color: #1b1a18; border-top: 6px solid #9b1c1f; max-width: 60rem; margin: auto; padding: 16px 24px; }
    .sheet h1 { font-size: 18px; font-weight: 700; margin: 0 0 8px; }
    .sheet pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; background: #f6f1e7; padding: 8px; margin: 6px 0; }
    .sheet section { border-top: 1px solid #dad4c8; padding: 10px 0; }
    .where { font: 13px ui-monospace, monospace; color: #9b1c1f; }
    .message { font-size: 15px; margin: 2px 0; }
    .hint { color: #5d574e; margin: 2px 0; }
    button { float: inline-end; border: 1px solid #5d574e; background: none; padding: 2px 10px; cursor: pointer; }
    @media print { :host { display: none; } }
  `);
  root.adoptedStyleSheets = [look];

  function element(name, text, more) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return Object.assign(made, more);
  }

  const NAMES = {
    draft: ["draft", "drafts"], scheduled: ["scheduled", "scheduled"], embargoed: ["embargoed", "embargoed"],
    new: ["new", "new"], edited: ["edited", "edited"], gone: ["taken away", "taken away"],
  };

  function bar({ page: own, counts, lists, warnings }) {
    const open = root.querySelector("details")?.open;
    root.querySelector(".bar")?.remove();
    const made = element("div", "", { className: "bar" });
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", "Preview");
    const details = element("details", "", { open: Boolean(open) });
    const summary = element("summary");
    const told = Object.keys(NAMES).filter((kind) => counts[kind]).map((kind) => `${counts[kind]} ${NAMES[kind][counts[kind] > 1 ? 1 : 0]}`);
    summary.append(element("b", own.label || "Preview"), ` · ${told.length ? "not what readers have: " + told.join(", ") : "what readers have"}`);
    if (warnings) summary.append(` · ${warnings} ${warnings > 1 ? "warnings" : "warning"}`);
    details.append(summary);
    if (own.source) {
      const line = element("p", "");
      line.append(own.editor ? element("a", own.source, { href: own.editor }) : own.source);
      details.append(line);
    }
    for (const kind of Object.keys(NAMES).filter((one) => lists[one])) {
      details.append(element("h2", `${counts[kind]} ${NAMES[kind][counts[kind] > 1 ? 1 : 0]}`));
      const list = element("ul");
      for (const { url, title, text } of lists[kind]) {
        const item = element("li");
        item.append(kind === "gone" ? title : element("a", title, { href: url }), kind === "gone" ? "" : ` – ${text}`);
        list.append(item);
      }
      details.append(list);
    }
    made.append(details);
    root.append(made);
    document.documentElement.style.scrollPaddingBlockEnd = "3rem";
  }

  function overlay(errors) {
    root.querySelector(".errors")?.remove();
    if (!errors.length) return;
    const made = element("div", "", { className: "errors", tabIndex: -1 });
    made.setAttribute("role", "alertdialog");
    made.setAttribute("aria-label", "Errors");
    const sheet = element("div", "", { className: "sheet" });
    const close = element("button", "Close", { type: "button", onclick: () => made.remove() });
    made.onkeydown = (event) => event.key === "Escape" && made.remove();
    sheet.append(close, element("h1", errors.length > 1 ? `${errors.length} errors` : "An error"));
    for (const error of errors) {
      const section = element("section");
      const where = element(error.editor ? "a" : "span", error.where, { className: "where" });
      if (error.editor) where.href = error.editor;
      section.append(where, element("p", `${error.message} [${error.code}]`, { className: "message" }));
      if (error.excerpt) {
        const number = String(error.line);
        const from = Math.max(0, error.column - 60);
        const caret = " ".repeat(number.length) + " | " + " ".repeat(Math.max(0, error.column - 1 - from)) + "^";
        section.append(element("pre", `${number} | ${error.excerpt.slice(from, from + 120)}\n${caret}`));
      }
      if (error.hint) section.append(element("p", error.hint, { className: "hint" }));
      sheet.append(section);
    }
    made.append(sheet);
    root.append(made);
  }

  function mark(connected) {
    root.querySelector(".bar")?.classList.toggle("away", !connected);
  }

  // --- begin ------------------------------------------------------------------------------------------------------

  document.documentElement.append(host);
  scrollBack();
  knowLeads();
  state().catch(() => {});
  connect();
  document.addEventListener("visibilitychange", connect);
  addEventListener("pagehide", () => {
    left = true;
    stream?.close();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    left = false;
    knowLeads();
    connect();
  });
})();
