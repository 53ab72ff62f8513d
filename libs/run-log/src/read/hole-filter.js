// Plain JavaScript, so that a worker thread can load it from the sources as well as from the build.

/** The fewest NULs in a row that count as a hole: no program prints that many. */
const shortestHole = 512;

const nothing = Buffer.alloc(0);
const zeros = Buffer.alloc(1 << 20);

/**
 * Whether there are only NULs in a part of a file.
 *
 * @param {Buffer} bytes
 * @returns {boolean}
 */
export function isHole(bytes) {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length);
    if (!part.equals(zeros.subarray(0, part.length))) return false;
  }
  return true;
}

/** Leaves the holes of a log out that is read in parts: long runs of NULs, wherever the parts' borders fall. */
export class HoleFilter {
  /** NULs at the end of the input so far, which may turn out to be a hole. */
  #pending = 0;

  /**
   * @param {Buffer} bytes the next part; its content may be moved
   * @returns {Buffer} the part without holes
   */
  push(bytes) {
    if (this.#pending === 0 && !bytes.includes(0)) return bytes;
    if (isHole(bytes)) {
      this.#pending += bytes.length;
      return nothing;
    }
    /** @type {Buffer[]} */
    const parts = [];
    let at = 0;
    for (;;) {
      const first = at + countZeros(bytes, at);
      this.#pending += first - at;
      if (first === bytes.length) break;
      parts.push(this.end());
      const next = bytes.indexOf(0, first);
      parts.push(bytes.subarray(first, next < 0 ? bytes.length : next));
      if (next < 0) break;
      at = next;
    }
    return Buffer.concat(parts);
  }

  /**
   * @returns {Buffer} what is left when nothing comes any more
   */
  end() {
    const count = this.#pending;
    this.#pending = 0;
    return count >= shortestHole ? nothing : Buffer.alloc(count);
  }
}

/**
 * @param {Buffer} bytes
 * @param {number} from
 * @returns {number} how many NULs there are from an offset on
 */
function countZeros(bytes, from) {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at - from;
}
