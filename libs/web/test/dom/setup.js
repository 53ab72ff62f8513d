/**
 * Runs before each test file. In a page, it adds features of browsers that jsdom lacks: sizes, scrolling, media queries.
 * Every element is as high as the screen, except rows of lists, which are 20 pixels high.
 */
const screen = { width: 1280, height: 600 };
const rowHeight = 20;

if (typeof window !== 'undefined') {
  const base = document.createElement('base');
  base.href = '/ui/';
  document.head.append(base);

  window.matchMedia = (query) => {
    const most = Number(/max-width: (\d+)px/.exec(query)?.[1] ?? NaN);
    const listeners = new Set();
    return {
      media: query,
      get matches() {
        return query.includes('reduced-motion') || innerWidth <= most;
      },
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
    };
  };

  const heightOf = (element) => (element.hasAttribute('data-index') ? rowHeight : screen.height);
  window.ResizeObserver = class {
    constructor(callback) {
      this.callback = callback;
      this.isOver = false;
    }
    observe(target) {
      queueMicrotask(() => {
        if (this.isOver) return;
        const height = heightOf(target);
        const size = [{ inlineSize: screen.width, blockSize: height }];
        const contentRect = { width: screen.width, height };
        this.callback([{ target, contentRect, borderBoxSize: size }], this);
      });
    }
    unobserve() {}
    disconnect() {
      this.isOver = true;
    }
  };
  const sizes = {
    offsetWidth: () => screen.width,
    clientWidth: () => screen.width,
    offsetHeight: (element) => heightOf(element),
    clientHeight: (element) => heightOf(element),
    // the page and scrolling lists are as high as their rows
    scrollHeight: (element) => {
      const isPage = element === document.documentElement;
      const rows = isPage ? document.querySelector('[role=grid] > [style]') : element.firstElementChild;
      return Math.max(screen.height, Number.parseFloat(rows?.style?.height ?? '') || 0);
    },
  };
  for (const [name, sizeOf] of Object.entries(sizes)) {
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      get() {
        return sizeOf(this);
      },
    });
  }
  // as in a browser, the event is asynchronous, and follows actual changes only
  const scrolled = (target, before, after) => {
    if (before !== after) setTimeout(() => target.dispatchEvent(new Event('scroll')));
  };
  const topOf = (options, y) => (typeof options === 'object' ? options.top : y) ?? 0;
  window.scrollTo = (options, y) => {
    const before = window.scrollY;
    window.scrollY = topOf(options, y);
    scrolled(window, before, window.scrollY);
  };
  Element.prototype.scrollTo = function scrollTo(options, y) {
    const before = this.scrollTop;
    this.scrollTop = Math.max(0, Math.min(topOf(options, y), this.scrollHeight - this.clientHeight));
    scrolled(this, before, this.scrollTop);
  };
  Element.prototype.scrollBy = function scrollBy(_, y) {
    this.scrollTo(0, this.scrollTop + y);
  };
  Element.prototype.scrollIntoView = () => {};
  // canvases draw nothing
  HTMLCanvasElement.prototype.getContext = () => null;
}
