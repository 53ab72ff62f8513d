import type { PublicState } from './web-status.js';

/** English texts of the public status page, which loads no others. */
const en = {
  locale: 'en',
  title: 'Mirror status',
  all: (count: string) => `All ${count}`,
  shown: (count: string) => `${count} mirrors shown`,
  search: 'Search mirrors',
  states: 'States',
  name: 'Mirror',
  state: 'State',
  lastUpdate: 'Last update',
  nextSync: 'Next sync',
  size: 'Size',
  upstream: 'Upstream',
  never: 'never',
  due: 'due',
  noMatch: 'No matching mirrors.',
  none: 'There are no mirrors yet.',
  loading: 'Loading …',
  refreshed: (time: string) => `as of ${time}`,
  lost: (time: string) => `not refreshed since ${time}`,
  failed: 'The status could not be loaded. The page tries again every minute.',
  retry: 'Try now',
  word: {
    failed: 'failed',
    syncing: 'syncing',
    waiting: 'waiting',
    paused: 'paused',
    none: 'never run',
    success: 'success',
  } satisfies Record<PublicState, string>,
};

/** Texts of the public status page. */
export type Words = typeof en;

const zh: Words = {
  locale: 'zh-Hans',
  title: '镜像状态',
  all: (count) => `全部 ${count}`,
  shown: (count) => `显示 ${count} 个镜像`,
  search: '搜索镜像',
  states: '状态',
  name: '镜像',
  state: '状态',
  lastUpdate: '上次更新',
  nextSync: '下次同步',
  size: '大小',
  upstream: '上游',
  never: '从未',
  due: '即将',
  noMatch: '没有匹配的镜像。',
  none: '还没有镜像。',
  loading: '加载中……',
  refreshed: (time) => `截至 ${time}`,
  lost: (time) => `自 ${time} 起未能刷新`,
  failed: '无法加载状态，每分钟会重试一次。',
  retry: '立即重试',
  word: {
    failed: '失败',
    syncing: '同步中',
    waiting: '等待中',
    paused: '已暂停',
    none: '从未运行',
    success: '成功',
  },
};

/** The texts of the first available language; dates and numbers follow its region. */
export function wordsOf(languages: readonly string[]): Words {
  for (const tag of languages) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en') return { ...en, locale: tag };
    if (language === 'zh') return { ...zh, locale: tag };
  }
  return en;
}
