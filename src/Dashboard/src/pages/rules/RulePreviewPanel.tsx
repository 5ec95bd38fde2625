import { useMemo, useState } from 'react';
import type { useRulePreview } from '../../api/rules';
import type { RuleBody, RulePreview } from '../../api/alertTypes';
import { HostChoice } from '../../components/HostChoice';
import { HostNameText } from '../../components/HostChip';
import { BellIcon, CheckIcon, ChevronIcon } from '../../components/icons';
import { Menu } from '../../components/Menu';
import { Panel } from '../../components/Panel';
import { Segmented } from '../../components/Segmented';
import { Skeleton } from '../../components/Skeleton';
import { formatDuration, formatMoment, formatValue } from '../../lib/format';
import { thresholdsOf } from '../incident/incidentChart';
import { PreviewChart } from './PreviewChart';
import { byEpisodes, hiddenWords, newestEpisodes, previewRanges, previewSentence, resolutionWords, type PreviewRange } from './previewWords';

/** Charts of one preview; a rule for each disk of a large machine has more. */
const mostCharts = 4;

/** Episodes that are listed below the charts. */
const mostEpisodes = 6;

interface RulePreviewPanelProps {
  /** Null as long as the form is not complete. */
  rule: RuleBody | null;
  hostId: number | null;
  range: PreviewRange;
  preview: ReturnType<typeof useRulePreview>;
  onHost: (id: number) => void;
  onRange: (range: PreviewRange) => void;
}

/** What the rule would have done to a host, while it is being written. */
export function RulePreviewPanel({ rule, hostId, range, preview, onHost, onRange }: RulePreviewPanelProps) {
  const { data, error, isPlaceholderData } = preview;
  const content = () => {
    if (hostId === null) return <p className="text-ink-soft">There is no host yet to try it on.</p>;
    if (error) return <p className="text-ink-soft">The preview appears when the rule is complete. {error.message}</p>;
    if (data) return <Outcome preview={data} range={range} rule={rule} />;
    if (!rule) return <p className="text-ink-soft">The preview appears when the rule is complete.</p>;
    return (
      <div aria-busy="true" className="space-y-3">
        <p className="sr-only" role="status">
          Looking at the past
        </p>
        <Skeleton className="h-7 w-80 max-w-full" />
        <Skeleton className="h-52" />
      </div>
    );
  };
  return (
    <Panel title="Preview" aside={<Segmented label="How far back" value={range} onChange={onRange} choices={previewRanges.map(({ value, label, words }) => ({ value, label, name: `The last ${words}` }))} />}>
      <div className="mb-3 flex flex-wrap items-center gap-2 text-ink-soft">
        On the history of
        <Menu
          name="Choose the host of the preview"
          align="left"
          buttonClassName="inline-flex h-9 max-w-full items-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3 font-medium text-ink hover:bg-raised"
          button={
            <>
              <span className="truncate">{hostId === null ? 'no host' : <HostNameText id={hostId} />}</span>
              <ChevronIcon className="size-3.5" />
            </>
          }
        >
          {(close) => (
            <HostChoice
              except={hostId === null ? [] : [hostId]}
              onChoose={({ id }) => {
                close();
                onHost(id);
              }}
            />
          )}
        </Menu>
      </div>
      <div className={`transition-opacity ${isPlaceholderData ? 'opacity-50' : ''}`} aria-busy={isPlaceholderData}>
        {content()}
      </div>
    </Panel>
  );
}

function Outcome({ preview, range, rule }: { preview: RulePreview; range: PreviewRange; rule: RuleBody | null }) {
  // The bounds of the rule at the last moment it was complete.
  const [shownRule, setShownRule] = useState(rule);
  if (rule && rule !== shownRule) setShownRule(rule);
  const thresholds = useMemo(() => (shownRule ? thresholdsOf(shownRule) : []), [shownRule]);
  const [Icon, ink] = preview.fired > 0 ? [BellIcon, 'text-bad'] : [CheckIcon, 'text-good'];
  const series = byEpisodes(preview.series);
  const charted = series.filter(({ times }) => times.length > 0);
  const drawn = charted.slice(0, mostCharts);
  const episodes = newestEpisodes(preview.series, mostEpisodes);
  const unitOf = (name: string) => preview.series.find((each) => each.name === name)?.unit ?? '';
  return (
    <>
      <p role="status" data-testid="preview" data-fired={preview.fired} className={`mb-3 flex items-center gap-2 text-[15px] font-semibold ${ink}`}>
        <Icon className="size-[18px]" />
        {previewSentence(preview, range)}
      </p>
      {preview.series.length === 0 && shownRule?.series && <p className="mb-3 text-ink-soft">This host has no series that fits {shownRule.series}.</p>}
      <div className="space-y-5">
        {drawn.map((each) => (
          <PreviewChart key={each.name} preview={preview} series={each} thresholds={thresholds} />
        ))}
      </div>
      {episodes.length > 0 && (
        <ul className="mt-4 divide-y divide-line border-t border-line text-[13px]">
          {episodes.map(({ name, from, to, peak }) => (
            <li key={`${name} ${from}`} className="flex flex-wrap justify-between gap-x-4 py-1.5">
              <span>
                {formatMoment(new Date(from).toISOString())}
                {preview.series.length > 1 && <span className="ml-2 font-mono text-xs break-all text-ink-soft">{name}</span>}
              </span>
              <span className="text-ink-soft">
                {to === null ? 'still open' : `for ${formatDuration((to - from) / 1000)}`}
                {peak !== null && `, worst ${formatValue(peak, unitOf(name))}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-[13px] text-ink-faint">
        {hiddenWords(charted.length - drawn.length)} {drawn.length > 0 && resolutionWords[preview.resolution]}
        {preview.fired > episodes.length && ` The newest ${episodes.length} are listed.`}
      </p>
    </>
  );
}
