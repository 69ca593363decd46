import { createGate } from '../../src/gate.ts';
import { createScope } from '../../src/scope.ts';

/** A gate as the report command opens it: nothing may be contacted. */
export const closedGate = () => createGate(createScope([], []), () => new Date(0));
