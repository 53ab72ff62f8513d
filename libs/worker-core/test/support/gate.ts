import { memoryLogger } from '@tunasync/logger';
import { parseBlackout } from '@tunasync/scheduler';
import { FakeClock } from '@tunasync/test-utils';
import {
  Admission,
  type AdmissionOptions,
  type AdmissionRequest,
  type Ticket,
} from '../../src/admission/admission.js';
import type { WaitReason } from '../../src/interfaces/events.js';

/** What holds a job back, in words as in the files. */
export interface GateRequest extends Partial<Omit<AdmissionRequest, 'blackout'>> {
  blackout?: string;
  timezone?: string;
}

/** An {@link Admission} and who was let in, in order. */
export function gateRig(slots: number, options: Partial<AdmissionOptions> & { start?: string } = {}) {
  const { start = '2026-11-23T12:00:00Z', ...rest } = options;
  const clock = new FakeClock(Date.parse(start));
  const logger = memoryLogger();
  const order: string[] = [];
  /** Every change of a reason to wait that was told. */
  const told: [mirror: string, waits: WaitReason | undefined][] = [];
  const admission = new Admission({
    slots,
    clock,
    logger,
    onWaitsChanged: (tickets) => {
      for (const { mirror, waits } of tickets) told.push([mirror, waits]);
    },
    ...rest,
  });
  const request = (
    mirror: string,
    { blackout, timezone = 'UTC', ...values }: GateRequest,
  ): AdmissionRequest => ({
    mirror,
    priority: 50,
    upstreamHost: '',
    blackout: { windows: blackout === undefined ? [] : [parseBlackout(blackout)], timezone },
    diskQuota: 0,
    workingDir: `/data/${mirror}`,
    ...values,
  });
  const admitted = ({ mirror }: Ticket): void => void order.push(mirror);
  return {
    admission,
    clock,
    logger,
    order,
    told,
    enter: (mirror: string, values: GateRequest = {}): Ticket =>
      admission.enter(request(mirror, values), admitted),
    force: (mirror: string, values: GateRequest = {}): Ticket =>
      admission.enterForced(request(mirror, values), admitted),
    adopt: (mirror: string, values: GateRequest = {}): Ticket =>
      admission.enterAdopted(request(mirror, values), admitted),
    /** Lets everything happen that does not wait for the clock. */
    settle: () => clock.advance(0),
  };
}
