/** How many jobs may run at the same time. */
export type LaneLimits = {
  /** In all. */
  readonly most: number;
  /** Of one lane. */
  readonly perLane: number;
};

/**
 * Runs jobs, some at a time. Jobs of one lane (all that pass the same jump host) are bounded among themselves, and lanes take turns, so
 * that a long one neither crowds its jump host nor holds up the others.
 * @param laneOf the lane of a job; one without a lane is bounded by the whole only
 */
export async function inLanes<T extends object>(
  jobs: readonly T[],
  laneOf: (job: T) => string | undefined,
  { most, perLane }: LaneLimits,
  run: (job: T) => Promise<void>,
): Promise<void> {
  const lanes = [...Map.groupBy(jobs, laneOf)].map(([name, waiting]) => ({
    waiting,
    next: 0,
    running: 0,
    most: name === undefined ? most : perLane,
  }));
  let turn = 0;
  let running = 0;
  const nextLane = (): (typeof lanes)[number] | undefined => {
    for (let tries = 0; tries < lanes.length; tries += 1) {
      const lane = lanes[turn++ % lanes.length];
      if (lane && lane.next < lane.waiting.length && lane.running < lane.most) return lane;
    }
    return undefined;
  };
  await new Promise<void>((resolve, reject) => {
    const fill = (): void => {
      for (let lane = running < most ? nextLane() : undefined; lane; lane = running < most ? nextLane() : undefined) {
        start(lane);
      }
      if (running === 0) resolve();
    };
    const start = (lane: (typeof lanes)[number]): void => {
      const job = lane.waiting[lane.next++];
      if (!job) return;
      running += 1;
      lane.running += 1;
      run(job).then(() => {
        running -= 1;
        lane.running -= 1;
        fill();
      }, reject);
    };
    fill();
  });
}
