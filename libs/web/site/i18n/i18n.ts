import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.js';

/** Languages of the pages, with their native names. */
export const languages = { en: 'English', zh: '中文' } as const;
/** A language of the pages. */
export type Language = keyof typeof languages;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const storageKey = 'tunasync-language';

/** The language that was chosen before, or the first available one of the browser. */
export function preferredLanguage(): Language {
  const wanted = [kept() ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'zh') return language;
  }
  return 'en';
}

/** Browsers may refuse to store anything. */
function kept(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function keepForNextTime(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // the browser's language applies next time
  }
}

/** Sets up translation. Texts of languages other than English are loaded on demand. */
export async function startI18n(): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes
    interpolation: { escapeValue: false },
  });
  const language = preferredLanguage();
  // English pages are better than none
  if (language !== 'en') await changeLanguage(language, false).catch(() => undefined);
  document.documentElement.lang = i18next.language;
  return i18next;
}

/** Changes the language. @param keep - also for the next visit */
export async function changeLanguage(language: Language, keep = true): Promise<void> {
  if (language === 'zh' && !i18next.hasResourceBundle('zh', 'translation')) {
    const { zh } = await import('./zh/index.js');
    i18next.addResourceBundle('zh', 'translation', zh);
  }
  await i18next.changeLanguage(language);
  if (keep) keepForNextTime(language);
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
}
