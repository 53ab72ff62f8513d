import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gateRig } from './support/gate.js';

/** Somebody at the gate, as a list that is looked through from end to end has it. */
interface Somebody {
  name: string;
  priority: number;
  host: string;
  state: 'waiting' | 'slot' | 'forced';
}

const limits: Record<string, number> = { a: 1, b: 2 };

/** Lets in whoever is next, as long as there is a slot: the plain rule, at any cost. */
function handOut(all: Somebody[], slots: number, order: string[]): void {
  for (;;) {
    const running = all.filter(({ state }) => state !== 'waiting');
    if (running.filter(({ state }) => state === 'slot').length >= slots) return;
    const may = all.filter(
      ({ state, host }) =>
        state === 'waiting' && running.filter((one) => one.host === host).length < (limits[host] ?? Infinity),
    );
    const [first] = may.toSorted((one, other) => other.priority - one.priority);
    if (first === undefined) return;
    first.state = 'slot';
    order.push(first.name);
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('enter'),
      priority: fc.integer({ min: 0, max: 3 }),
      host: fc.constantFrom('', 'a', 'b', 'c'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('leave'), who: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force'), who: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('enter-forced', 'adopt'),
      host: fc.constantFrom('', 'a', 'b'),
    }),
  },
);

test('whatever comes and goes: those are let in, in that order, whom a look through all of them finds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (slots, steps) => {
      const gate = gateRig(slots, { perUpstreamConcurrent: limits });
      const tickets = new Map<string, ReturnType<typeof gate.enter>>();
      const order: string[] = [];
      let all: Somebody[] = [];
      for (const [index, what] of steps.entries()) {
        const name = `${index}`;
        if ('priority' in what) {
          const { priority, host } = what;
          all.push({ name, priority, host, state: 'waiting' });
          handOut(all, slots, order);
          tickets.set(name, gate.enter(name, { priority, upstreamHost: host }));
        } else if ('host' in what) {
          const forced = what.do === 'enter-forced';
          all.push({ name, priority: 0, host: what.host, state: forced ? 'forced' : 'slot' });
          order.push(name);
          const come = forced ? gate.force : gate.adopt;
          tickets.set(name, come(name, { upstreamHost: what.host }));
        } else {
          const who = all[what.who % Math.max(1, all.length)];
          if (who === undefined) continue;
          if (what.do === 'leave') {
            all = all.filter((one) => one !== who);
            handOut(all, slots, order);
            tickets.get(who.name)?.leave();
          } else {
            if (who.state === 'waiting') {
              who.state = 'forced';
              order.push(who.name);
            }
            tickets.get(who.name)?.force();
          }
        }
        expect(gate.order).toEqual(order);
        const count = (state: Somebody['state']): number => all.filter((one) => one.state === state).length;
        const { taken, forced, waiting } = gate.admission;
        expect([taken, forced, waiting]).toEqual([count('slot'), count('forced'), count('waiting')]);
      }
    }),
    { numRuns: 300 },
  );
});
