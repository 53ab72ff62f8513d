/** The style of {@link apiPage}: the frontend's colours, system fonts, a column for the routes where there is room. */
export const apiPageStyle = `
:root { color-scheme: light dark;
  --bg: light-dark(#ffffff, #1b1d20); --side: light-dark(#f6f7f8, #16181a); --text: light-dark(#1f2328, #d8dce0);
  --faint: light-dark(#596069, #9aa3ac); --line: light-dark(#d9dde1, #343a40); --accent: light-dark(#0b5cad, #74b3f0);
  --get: light-dark(#0b5cad, #74b3f0); --post: light-dark(#1b6e2d, #7cc98a); --delete: light-dark(#b3261e, #f2938c); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 336px minmax(0, 1fr); background: var(--bg); color: var(--text);
  font: 14px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 16px; background: var(--side);
  border-right: 1px solid var(--line); }
main { padding: 24px 32px 96px; max-width: 960px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
main header a { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.back { display: inline-block; padding: 4px 0; margin-bottom: 8px; }
.search { display: block; } .search[hidden] { display: none; } .search span { display: block; color: var(--faint); font-size: 12px; }
.search input { width: 100%; padding: 6px 8px; font: inherit; color: inherit; background: var(--bg);
  border: 1px solid var(--line); border-radius: 4px; }
.found { margin: 4px 0 0; color: var(--faint); font-size: 12px; }
nav ul { list-style: none; margin: 0 0 16px; padding: 0; }
nav li a { display: flex; padding: 3px 0; color: var(--text); font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.tag { display: block; margin-top: 12px; padding: 4px 0; font-weight: 600; color: var(--text); }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px; } h2 { font-size: 18px; margin: 40px 0 4px; }
h3 { font: 600 14px/1.5 ui-monospace, monospace; margin: 0 0 4px; overflow-wrap: anywhere; } h3 a { color: inherit; }
h4 { font-size: 14px; font-weight: 600; margin: 8px 0 0; } p { margin: 0 0 8px; max-width: 72ch; overflow-wrap: anywhere; }
article { padding: 16px 0; border-top: 1px solid var(--line); scroll-margin-top: 8px; }
article:target h3 { background: light-dark(#e8f1fb, #1f2f40); }
.method { display: inline-block; flex: none; width: 56px; font: 600 11px/1.4 ui-monospace, monospace; color: var(--get); }
.method.post { color: var(--post); } .method.delete { color: var(--delete); }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: 8px 0 0; padding: 8px 12px; overflow-x: auto; background: var(--side); border: 1px solid var(--line); border-radius: 4px; }
.fields { margin: 4px 0 8px; padding-left: 20px; } .fields .fields { margin: 0; border-left: 1px solid var(--line); }
.fields li { padding: 1px 0; list-style: none; }
.type, .limits, .place, .content { color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }
.content b, summary b { color: var(--text); font-weight: 600; }
.limits::before { content: "· "; } .place::before { content: "· "; }
.fields strong { font-size: 12px; font-weight: 600; }
summary { cursor: pointer; padding: 2px 0; }
@media (max-width: 800px) {
  body { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  nav ul { display: none; } .tag { display: inline-block; margin: 8px 16px 0 0; } nav .group { display: inline; }
  main { padding: 16px 16px 64px; } nav li a { padding: 6px 0; }
}
`;
