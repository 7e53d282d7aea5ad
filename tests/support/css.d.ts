/** Style sheets are the bundler's; what tests import of the renderer may name them. */
declare module '*.css';
