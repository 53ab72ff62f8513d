import { common } from './common.js';
import { log } from './log.js';
import { mirror } from './mirror.js';
import { mirrors } from './mirrors.js';
import { overview } from './overview.js';
import { timeline } from './timeline.js';
import { workers } from './workers.js';

/** All English texts, by page. */
export const en = { ...common, overview, mirrors, mirror, log, workers, timeline };
