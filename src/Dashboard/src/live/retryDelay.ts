const steps = [0, 1000, 2000, 5000, 10_000];

/**
 * Milliseconds to wait before the next attempt to connect, for ever. The first is at once, as most breaks are a restart
 * or a changed network; the jitter keeps all browsers of a restarted server from returning in one moment.
 */
export function retryDelay(attempt: number, random: number = Math.random()): number {
  const step = steps[Math.min(attempt, steps.length - 1)] ?? 0;
  return Math.round(step * (0.75 + random / 2));
}
