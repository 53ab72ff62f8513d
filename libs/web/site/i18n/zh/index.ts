import type { en } from '../en/index.js';
import { common } from './common.js';
import { log } from './log.js';
import { mirror } from './mirror.js';
import { mirrors } from './mirrors.js';
import { overview } from './overview.js';
import { timeline } from './timeline.js';
import { workers } from './workers.js';

/** All Chinese texts, by page. */
export const zh: typeof en = { ...common, overview, mirrors, mirror, log, workers, timeline };
