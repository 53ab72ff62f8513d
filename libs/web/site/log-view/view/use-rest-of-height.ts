import { useLayoutEffect, useState, type RefObject } from 'react';

/** Space that is left below, pixels. */
const below = 16;
const least = 320;

/** Height with which an element reaches the lower edge of the window, pixels. */
export function useRestOfHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(480);
  useLayoutEffect(() => {
    const measure = (): void => {
      const box = element.current?.getBoundingClientRect();
      if (box === undefined) return;
      const nav = document.querySelector('header nav');
      const isFixed = nav !== null && getComputedStyle(nav).position === 'fixed';
      const bar = isFixed ? nav.getBoundingClientRect().height : 0;
      setHeight(Math.max(least, Math.floor(innerHeight - (box.top + scrollY) - below - bar)));
    };
    measure();
    // elements above may change their height
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      removeEventListener('resize', measure);
    };
  }, [element]);
  return height;
}
