import { defineConfig } from 'vitest/config';

/** The runner of all tests; integration and end-to-end tests start real programs, so their time limit is generous. */
const config = defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // More than cores: much of the time is spent waiting for servers.
    maxWorkers: 3,
  },
});

// vitest reads its configuration from the default export only.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default config;
