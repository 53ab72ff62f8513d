import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.js';

/** Languages of the pages, with their own names. */
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

/** The language that was chosen before, or the first of the browser's that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'zh') return language;
  }
  return 'en';
}

/** Makes the translator; words of other languages than English are loaded when they are wanted. */
export async function startI18n(): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes
    interpolation: { escapeValue: false },
  });
  const language = preferredLanguage();
  if (language !== 'en') await changeLanguage(language, false);
  document.documentElement.lang = i18next.language;
  return i18next;
}

/** Changes the language. @param keep - for next time, too */
export async function changeLanguage(language: Language, keep = true): Promise<void> {
  if (language === 'zh' && !i18next.hasResourceBundle('zh', 'translation')) {
    const { zh } = await import('./zh/index.js');
    i18next.addResourceBundle('zh', 'translation', zh);
  }
  await i18next.changeLanguage(language);
  if (keep) localStorage.setItem(storageKey, language);
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
}
