import { useId } from 'react';
import { useSeriesCatalogue } from '../../api/history';
import { TextField } from '../../components/TextField';
import { plural } from '../../lib/format';
import { matchesSeries, suggestPatterns } from '../../lib/seriesPattern';

interface SeriesFieldProps {
  value: string;
  /** Whose series are suggested. */
  hostId: number | null;
  /** Only counters have a rate. */
  isRate: boolean;
  onChange: (value: string) => void;
  error: string | null;
}

/** The series a rule looks at, suggested from what a host has. */
export function SeriesField({ value, hostId, isRate, onChange, error }: SeriesFieldProps) {
  const list = useId();
  const { data: catalogue } = useSeriesCatalogue(hostId ?? 0, hostId !== null);
  const offered = (catalogue ?? []).filter(({ kind }) => kind === 'counter' || !isRate).map(({ name }) => name);
  const matched = value.trim() === '' ? [] : (catalogue ?? []).filter(({ name }) => matchesSeries(value, name));
  const [first] = matched;
  const hint = () => {
    if (!catalogue || value.trim() === '') return 'Labels narrow it down, with * for anything: disk.used.percent{mount=/data*}';
    if (!first) return 'The host of the preview has no such series.';
    const meaning = matched.length === 1 || new Set(matched.map((each) => each.meaning)).size === 1 ? first.meaning : '';
    return `${plural(matched.length, 'series', 'series')} of the host of the preview${matched.length > 1 ? '; each has an alert of its own' : ''}. ${meaning}`.trim();
  };
  return (
    <>
      <TextField label="Series" list={list} maxLength={300} value={value} onChange={onChange} error={error} hint={hint()} placeholder="cpu.percent" />
      <datalist id={list}>
        {suggestPatterns(offered).map((pattern) => (
          <option key={pattern} value={pattern} />
        ))}
      </datalist>
    </>
  );
}
