import type { Styles } from '../../../port/samples.ts';

const teal = '2a9d8f';
const open = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90">';
const disc = `<circle cx="40" cy="40" r="30" fill="#${teal}"/>`;
const shown = (code: string, ...shows: string[]): Styles[string] => ({
  code,
  shows: shows.length > 0 ? shows : [teal],
});
const likeDisc = (code: string): Styles[string] => ({ code, like: 'a disc' });

export const svgStyles: Styles = {
  'a disc': { ...shown(`${open}${disc}</svg>`), size: { width: 120, height: 90 } },
  'no namespace': likeDisc(`<svg width="120" height="90">${disc}</svg>`),
  'a prologue and a document type': likeDisc(
    `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${open}${disc}</svg>`,
  ),
  units: shown(
    `<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="67.5pt" viewBox="0 0 120 90">${disc}</svg>`,
  ),
  'a style sheet': likeDisc(`${open}<style>circle{fill:#${teal}}</style><circle cx="40" cy="40" r="30"/></svg>`),
  'a style sheet in CDATA': likeDisc(
    `${open}<style type="text/css"><![CDATA[.d{fill:#${teal}}]]></style><circle class="d" cx="40" cy="40" r="30"/></svg>`,
  ),
  'style attributes': likeDisc(`${open}<circle style="cx:40px;cy:40px;r:30px;fill:#${teal}"/></svg>`),
  'groups and transforms': likeDisc(
    `${open}<g transform="translate(20,20)"><g transform="scale(2)"><circle cx="10" cy="10" r="15" fill="#${teal}"/></g></g></svg>`,
  ),
  'something used again': likeDisc(
    `${open}<defs><circle id="d" r="30"/></defs><use href="#d" x="40" y="40" fill="#${teal}"/></svg>`,
  ),
  'an older link': likeDisc(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="90"><defs><circle id="d" r="30"/></defs><use xlink:href="#d" x="40" y="40" fill="#${teal}"/></svg>`,
  ),
  'words around it': likeDisc(
    `${open}<!-- a -- disc --><title>t</title><desc>d</desc><metadata>m</metadata>${disc}</svg>`.replace(
      'a -- disc',
      'a disc',
    ),
  ),
  'no size': shown(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60">${disc}</svg>`),
  'no size and no box': shown(`<svg xmlns="http://www.w3.org/2000/svg">${disc}</svg>`),
  'a size in per cent': shown(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%" viewBox="0 0 80 60">${disc}</svg>`,
  ),
  'CSS variables': shown(
    `${open}<style>:root{--c:#${teal}}circle{fill:var(--c)}</style><circle cx="40" cy="40" r="30"/></svg>`,
  ),
  'a foreign object': shown(
    `${open}<foreignObject width="120" height="90"><div xmlns="http://www.w3.org/1999/xhtml" style="background:#${teal};height:60px">x</div></foreignObject></svg>`,
  ),
  'letters on a path': shown(
    `${open}${disc}<path id="p" d="M0 80H120" fill="none"/><text><textPath href="#p">along</textPath></text></svg>`,
  ),
  'a gradient, a mask and a filter': shown(
    `${open}<defs><linearGradient id="g"><stop stop-color="#${teal}"/><stop offset=".6" stop-color="#${teal}"/><stop offset="1" stop-color="#e76f51"/></linearGradient><filter id="f"><feGaussianBlur stdDeviation="1"/></filter><mask id="m"><rect width="99" height="99" fill="white"/></mask></defs><rect width="120" height="80" fill="url(#g)" mask="url(#m)" filter="url(#f)"/></svg>`,
  ),
  'hsl, rgb and named colors': shown(
    `${open}<rect width="40" height="40" fill="hsl(0,100%,50%)"/><rect x="40" width="40" height="40" fill="rgb(0 128 0)"/><rect x="80" width="40" height="40" fill="navy"/></svg>`,
    'ff0000',
    '008000',
    '000080',
  ),
  'an entity of HTML': { ...shown(`${open}${disc}<text y="80">a&nbsp;b</text></svg>`), log: /nbsp/ },
  'an animation': shown(
    `${open}<rect width="60" height="60" fill="#${teal}"><animate attributeName="x" from="0" to="50" dur="2s" repeatCount="indefinite"/></rect></svg>`,
  ),
};
