import { z } from 'zod';

/** A whole number in a query. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `expected a whole number from ${min} to ${max}`,
    })
    .transform(Number);

/** A flag in a query; absent: false. */
export const queryFlag = z
  .enum(['0', '1', 'false', 'true'])
  .optional()
  .transform((value) => value === '1' || value === 'true');
