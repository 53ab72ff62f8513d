import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { chooseCoding, type Coding } from './choose-coding.js';

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/** Quality 9 takes a tenth of the time of 11, for files that are a few percent larger. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Smaller bodies, in bytes, fit into one packet: compressing them gains nothing. */
const smallestToCompress = 1024;

/** The bytes of a body in the form for one client. */
export interface Representation {
  bytes: Buffer;
  /** Undefined: not compressed. */
  coding?: Coding;
}

/** A body for many answers: encoded once, compressed at most once per coding, with its entity tag. */
export class EncodedBody {
  readonly bytes: Buffer;
  /** Weak, because it covers the compressed forms too. */
  readonly etag: string;
  readonly #codings: readonly Coding[];
  readonly #compressed = new Map<Coding, Promise<Buffer>>();

  /**
   * @param tag - differs whenever the content differs. @defaultValue a hash of the content
   * @param codings - possible compressions, best first. @defaultValue gzip
   */
  constructor(content: string | Buffer, tag = contentTag(content), codings: readonly Coding[] = ['gzip']) {
    this.bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.etag = `W/"${tag}"`;
    this.#codings = this.bytes.length < smallestToCompress ? [] : codings;
  }

  /** Returns the best form for a client. @param accepted - its `Accept-Encoding` */
  async representation(accepted: string | undefined): Promise<Representation> {
    const coding = chooseCoding(accepted, this.#codings);
    if (coding === undefined) return { bytes: this.bytes };
    let compressed = this.#compressed.get(coding);
    if (compressed === undefined) {
      compressed = coding === 'br' ? brotlied(this.bytes, brotliOptions) : gzipped(this.bytes);
      this.#compressed.set(coding, compressed);
    }
    return { bytes: await compressed, coding };
  }
}

function contentTag(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}
