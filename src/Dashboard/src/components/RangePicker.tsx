import { useState } from 'react';
import { live, relativeRanges, type TimeRange, type TimeWindow } from '../lib/timeRange';
import { useMediaQuery } from '../lib/useMediaQuery';
import { CustomRangeDialog } from './CustomRangeDialog';
import { selectLook } from './fieldLooks';
import { Segmented } from './Segmented';

interface RangePickerProps {
  range: TimeRange;
  /** What is shown now, for a range of one's own to begin with. */
  window: TimeWindow;
  hasLive: boolean;
  onChange: (range: TimeRange) => void;
}

/** What is chosen already, and the way to choose it. */
const custom = 'custom';
const choosing = 'choose';

/** Which stretch of time a page shows: live, so long until now, or from then to then. */
export function RangePicker({ range, window, hasLive, onChange }: RangePickerProps) {
  const [isChoosing, setChoosing] = useState(false);
  const hasRoom = useMediaQuery('(min-width: 768px)');
  const value = range.kind === 'live' ? 'live' : range.kind === 'fixed' ? custom : range.name;
  const moving = [
    ...(hasLive ? [{ value: 'live', label: 'Live', words: 'Live' }] : []),
    ...relativeRanges.map(({ name, words }) => ({ value: name, label: name, words: `Last ${words}` })),
  ];
  const choose = (next: string) => {
    const known = relativeRanges.find(({ name }) => name === next);
    if (known) onChange({ kind: 'relative', name: known.name });
    else if (next === 'live') onChange(live);
    else setChoosing(true);
  };
  return (
    <>
      {hasRoom ? (
        <Segmented label="Time range" value={value} onChange={choose} choices={[...moving, { value: custom, label: 'Custom', words: 'From and to…' }].map(({ words, ...choice }) => ({ ...choice, name: words === choice.label ? words : `${choice.label}: ${words.toLowerCase()}` }))} />
      ) : (
        <select aria-label="Time range" value={value} onChange={(event) => choose(event.target.value)} className={`min-w-0 ${selectLook}`}>
          {moving.map(({ value: each, words }) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
          {range.kind === 'fixed' && <option value={custom}>Custom</option>}
          {/* Not the same as the one above: what is chosen already cannot be chosen again. */}
          <option value={choosing}>From and to…</option>
        </select>
      )}
      {isChoosing && (
        <CustomRangeDialog
          window={window}
          onChoose={(chosen) => {
            setChoosing(false);
            onChange({ kind: 'fixed', ...chosen });
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}
