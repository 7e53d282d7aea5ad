import './skeleton.css';

/** Grey lines in the place of what is being loaded; says so to assistive technology. */
export function Skeleton({
  label,
  lines = 6,
}: {
  readonly label: string;
  readonly lines?: number;
}) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className="skeleton__line"
          style={{ width: `${[92, 74, 83, 61, 88, 70][index % 6] ?? 80}%` }}
        />
      ))}
    </div>
  );
}
