"""The preview: a site served from memory as it is written, page by page, without ever being published.

`desk` holds the plan of the site and makes its pages; `loop` keeps the plan true to the files and tells browsers;
`app` answers requests; `client.js` is what a browser runs.
"""
