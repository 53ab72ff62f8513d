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
  const wanted = [kept() ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'zh') return language;
  }
  return 'en';
}

/** A browser may keep nothing for pages. */
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
    // then it is the browser's again
  }
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
  // pages in English are better than none
  if (language !== 'en') await changeLanguage(language, false).catch(() => undefined);
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
  if (keep) keepForNextTime(language);
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
}
