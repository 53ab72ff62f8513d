/** The script of {@link apiPage}, as the browser gets it. */
export const apiPageScript = `const base = new URL('..', location.href).href.replace(/\\/$/, '');
for (const place of document.querySelectorAll('.base')) place.textContent = base;

const search = document.querySelector('.search');
const input = document.querySelector('#filter');
const found = document.querySelector('.found');
const articles = [...document.querySelectorAll('article')].map((article) => ({
  article,
  link: document.querySelector('[data-for="' + article.id + '"]'),
  text: (article.id + ' ' + article.textContent).toLowerCase(),
}));
search.hidden = false;

function filter() {
  const words = input.value.toLowerCase().split(/\\s+/);
  let shown = 0;
  for (const { article, link, text } of articles) {
    const fits = words.every((word) => text.includes(word));
    article.hidden = link.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const group of document.querySelectorAll('section, .group')) {
    group.hidden = group.querySelector('article:not([hidden]), [data-for]:not([hidden])') === null;
  }
  found.hidden = input.value === '';
  found.textContent = shown + ' of ' + articles.length + ' routes';
}
input.addEventListener('input', filter);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === input) return;
  event.preventDefault();
  input.focus();
});
`;
