import { useLayoutEffect, useState, type RefObject } from 'react';

/** Room that is left below, for what stands at the end of the page. */
const below = 16;
const least = 320;

/** Height in which an element reaches to the lower edge of the window, wherever it begins. */
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
    // what is above may become higher or lower
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
