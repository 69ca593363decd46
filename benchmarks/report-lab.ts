import { assessmentText } from '../src/assessment/file.ts';
import { largePlatform } from '../tests/support/large-platform/large-platform.ts';

// The assessment of a platform of so many hosts, for trying reports out. Usage: node benchmarks/report-lab.ts HOSTS > assessment.json

const hosts = Number(process.argv[2] ?? 25);
if (!Number.isInteger(hosts) || hosts < 1) throw new Error('usage: node benchmarks/report-lab.ts HOSTS');
const { assessment } = await largePlatform({ hosts });
process.stdout.write(assessmentText(assessment));
