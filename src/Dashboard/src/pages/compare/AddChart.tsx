import { useSeriesCatalogue } from '../../api/history';
import { selectLook } from '../../components/fieldLooks';
import { maxCharts } from './compareState';
import { metricTitle } from './metricTitle';

interface AddChartProps {
  hosts: number[];
  shown: string[];
  onAdd: (metric: string) => void;
}

/** More metrics to compare by: those of the first host, which the others mostly have as well. */
export function AddChart({ hosts, shown, onAdd }: AddChartProps) {
  const { data: catalogue } = useSeriesCatalogue(hosts[0] ?? 0);
  const metrics = [...new Set((catalogue ?? []).map(({ metric }) => metric))].filter((metric) => !shown.includes(metric));
  if (metrics.length === 0 || shown.length >= maxCharts) return null;
  return (
    <select aria-label="Add a chart" value="" onChange={(event) => onAdd(event.target.value)} className={`mt-4 max-w-full ${selectLook}`}>
      <option value="" disabled>
        Add a chart…
      </option>
      {metrics.map((metric) => (
        <option key={metric} value={metric}>
          {metricTitle(metric) === metric ? metric : `${metricTitle(metric)} (${metric})`}
        </option>
      ))}
    </select>
  );
}
