import { isOrdinary, isWithoutSignature, longestList, sliced } from './asked-suites.ts';
import type { SuiteInquiry } from './suite-inquiry.ts';
import type { Gap } from './tls-reply.ts';

/**
 * Puts refusals to the test. Suites are refused together: a device may have taken offence at one of them, or the server have failed
 * with the one it likes best, and either would have taken another alone. So they are offered again beside `known`, which is accepted
 * and must still be chosen; and those that most clients offer without the rest.
 */
export async function confirmRefusals(state: SuiteInquiry, known: number | undefined): Promise<void> {
  const refused = [...state.refused];
  if (known === undefined || refused.length === 0 || state.gap) return;
  const ordinary = refused.filter(isOrdinary);
  // No longer than what was answered before.
  const longest = Math.max(1, Math.min(longestList, state.longestAnswered) - 1);
  await Promise.all([
    ...sliced(refused, longest).map(async (slice) => {
      if ((await state.ask([...slice, known])) === 'undecided') state.gap ??= refusedBeside;
    }),
    ...[ordinary.filter(isWithoutSignature), ordinary.filter((suite) => !isWithoutSignature(suite))]
      .flatMap((list) => sliced(list, longest))
      .map((list) => state.ask(list)),
  ]);
}

const refusedBeside: Gap = { reason: 'alert', detail: 'an accepted suite was refused beside others' };
