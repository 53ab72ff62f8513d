/** @jest-environment ./test/dom/environment.js */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useHeldList } from '../../site/ui/use-held-list.js';

const keyOf = (name: string): string => name;

function List({ names }: { names: readonly string[] }) {
  const [rows, props] = useHeldList(names, keyOf);
  return (
    <ul {...props}>
      {rows.map(({ key, isGone }) => (
        <li key={key}>
          <button type="button">{key + (isGone ? ' gone' : '')}</button>
        </li>
      ))}
    </ul>
  );
}

const shown = (): string[] => screen.getAllByRole('listitem').map(({ textContent }) => textContent);
/** Jsdom has no pointer events of its own. */
const pointer = (type: string, pointerType: string): void => {
  const event = Object.assign(new Event(type, { bubbles: true }), { pointerType });
  fireEvent(screen.getByRole('list'), event);
};

const before = ['b', 'c'];
const after = ['a', 'c'];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

describe('a list that can be held', () => {
  test('follows its items while it is not in use', () => {
    const { rerender } = render(<List names={before} />);
    rerender(<List names={after} />);
    expect(shown()).toEqual(['a', 'c']);
  });

  test('is held for five seconds after the last touch', () => {
    const { rerender } = render(<List names={before} />);
    pointer('pointerdown', 'touch');
    rerender(<List names={after} />);
    expect(shown()).toEqual(['b gone', 'c', 'a']);
    act(() => {
      jest.advanceTimersByTime(4000);
    });
    pointer('pointerdown', 'touch');
    act(() => {
      jest.advanceTimersByTime(4900);
    });
    expect(shown()).toEqual(['b gone', 'c', 'a']);
    act(() => {
      jest.advanceTimersByTime(200);
    });
    expect(shown()).toEqual(['a', 'c']);
  });

  test('is held while the focus is within it', () => {
    const { rerender } = render(<List names={before} />);
    const [first, second] = screen.getAllByRole('button');
    act(() => {
      first?.focus();
    });
    rerender(<List names={after} />);
    act(() => {
      second?.focus();
    });
    expect(shown()).toEqual(['b gone', 'c', 'a']);
    act(() => {
      second?.blur();
    });
    expect(shown()).toEqual(['a', 'c']);
  });

  test('leaves no timer when it is removed', () => {
    const { unmount } = render(<List names={before} />);
    pointer('pointerdown', 'touch');
    unmount();
    expect(jest.getTimerCount()).toBe(0);
  });
});
