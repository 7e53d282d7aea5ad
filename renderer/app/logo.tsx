/** The mark: three layers, the one on top yours. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 24 24" aria-hidden="true">
      <path className="logo__base" d="M12 22 2.5 17.2 5.3 15.8 12 19.2l6.7-3.4 2.8 1.4z" />
      <path className="logo__middle" d="M12 17 2.5 12.2l2.8-1.4 6.7 3.4 6.7-3.4 2.8 1.4z" />
      <path className="logo__top" d="M12 2.4 21.5 7.2 12 12 2.5 7.2z" />
    </svg>
  );
}
