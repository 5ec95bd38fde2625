import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AlertWatch } from './AlertWatch';
import { incidentKey, incidentsKey } from './keys';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watch() {
  const cache = new QueryClient();
  const keys = { list: incidentsKey({}), one: incidentKey('4-1'), other: incidentKey('4-2'), foreign: ['fleet'] as const };
  const reset = () => {
    for (const key of Object.values(keys)) cache.setQueryData(key, {});
  };
  const renewed = () => {
    const names = Object.entries(keys).filter(([, key]) => cache.getQueryState(key)?.isInvalidated).map(([name]) => name);
    reset();
    return names;
  };
  reset();
  return { alerts: new AlertWatch(cache), renewed };
}

it('renews the lists and the incidents that are named', () => {
  const { alerts, renewed } = watch();
  alerts.change({ incidents: ['4-1'], hosts: [4] });
  expect(renewed()).toEqual(['list', 'one']);
});

it('renews everything where nothing is named', () => {
  const { alerts, renewed } = watch();
  alerts.renewAll();
  expect(renewed()).toEqual(['list', 'one', 'other']);
});

it('puts together what comes in quick succession, and forgets none of it', () => {
  const { alerts, renewed } = watch();
  alerts.change({ incidents: ['4-1'], hosts: [4] });
  renewed();
  alerts.change({ incidents: ['4-1'], hosts: [4] });
  alerts.change({ incidents: ['4-2'], hosts: [4] });
  expect(renewed()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(renewed()).toEqual(['list', 'one', 'other']);
  vi.advanceTimersByTime(5000);
  expect(renewed()).toEqual([]);
});
