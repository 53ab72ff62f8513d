import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StatusPage } from './status-page/status-page.js';
import { siteName } from './status-page/web-status.js';
import { wordsOf } from './status-page/words.js';
import './ui/tokens.css';

/** The theme of the system. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const showScheme = (): void => {
  document.documentElement.dataset.mantineColorScheme = dark.matches ? 'dark' : 'light';
};
showScheme();
dark.addEventListener('change', showScheme);

const words = wordsOf(navigator.languages);
const site = siteName(location.hostname);
document.documentElement.lang = words.locale;
document.title = site === undefined ? words.title : `${words.title} · ${site}`;

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <StatusPage words={words} site={site} />
    </StrictMode>,
  );
}
