/** Calls that draw something, or say how something is drawn: a statement of one can be left out. */
export const drawingCalls: ReadonlySet<string> = new Set(
  [
    'plot bar barh scatter hist hist2d hexbin pie errorbar fill_between fill_betweenx fill step stem imshow matshow',
    'pcolormesh contour contourf boxplot violinplot stackplot axhline axvline axhspan axvspan hlines vlines axline',
    'text figtext annotate arrow quiver table title xlabel ylabel suptitle legend grid colorbar xticks yticks xlim ylim',
    'xscale yscale set_title set_xlabel set_ylabel set_xticks set_yticks set_xticklabels set_yticklabels set_xlim',
    'set_ylim set_xscale set_yscale set_facecolor set_aspect set_visible set_axis_off set_axisbelow axis bar_label',
    'tick_params invert_xaxis invert_yaxis add_patch add_artist add_collection semilogx semilogy loglog plot_surface',
    'scatter3D heatmap lineplot barplot scatterplot histplot kdeplot boxenplot stripplot despine draw draw_networkx_nodes',
    'draw_networkx_edges draw_networkx_labels add_trace update_layout update_xaxes update_yaxes tight_layout set_theme',
    'subplots_adjust margins clabel set set_rlabel_position set_theta_zero_location broken_barh eventplot',
  ]
    .join(' ')
    .split(' '),
);

/** Wrong names for calls: neighbors that draw otherwise, and names that the library does not have. */
export const otherCalls: Record<string, readonly string[]> = {
  ...{ plot: ['scatter', 'step', 'line_plot'], scatter: ['plot', 'points'], bar: ['barh', 'step', 'bars'] },
  ...{ barh: ['bar', 'hbar'], hist: ['bar', 'histogram'], pie: ['bar', 'donut'], step: ['plot', 'stairs_plot'] },
  ...{
    fill_between: ['fill_betweenx', 'fill_area'],
    errorbar: ['plot', 'error_bars'],
    imshow: ['contourf', 'show_image'],
  },
  ...{ boxplot: ['violinplot', 'box_plot'], violinplot: ['boxplot', 'violin'], stackplot: ['plot', 'area'] },
  ...{ contour: ['contourf', 'contours'], contourf: ['contour', 'filled_contour'], stem: ['step', 'lollipop'] },
  ...{
    axhline: ['axvline', 'hline'],
    axvline: ['axhline', 'vline'],
    axhspan: ['axvspan', 'hspan'],
    axvspan: ['axhspan', 'vspan'],
  },
  ...{ title: ['suptitle', 'set_title'], xlabel: ['ylabel', 'set_xlabel'], ylabel: ['xlabel', 'set_ylabel'] },
  ...{ set_title: ['set_xlabel', 'title'], set_xlabel: ['set_ylabel', 'xlabel'], set_ylabel: ['set_xlabel', 'ylabel'] },
  ...{
    set_xticks: ['set_yticks', 'xticks'],
    set_yticks: ['set_xticks', 'yticks'],
    xticks: ['yticks'],
    yticks: ['xticks'],
  },
  ...{ set_xlim: ['set_ylim', 'xlim'], set_ylim: ['set_xlim', 'ylim'], xlim: ['ylim'], ylim: ['xlim'] },
  ...{
    legend: ['set_legend', 'legends'],
    grid: ['set_grid', 'gridlines'],
    annotate: ['annotation'],
    text: ['label', 'add_text'],
  },
  ...{
    bar_label: ['label_bars', 'set_bar_label'],
    colorbar: ['color_bar'],
    subplots: ['subplot_grid'],
    figure: ['new_figure'],
  },
  ...{
    tight_layout: ['layout_tight'],
    savefig: ['save_figure'],
    semilogx: ['semilogy'],
    semilogy: ['semilogx'],
    loglog: ['plot'],
  },
  ...{
    linspace: ['logspace', 'linrange'],
    arange: ['linspace', 'arrange'],
    sin: ['cos', 'sine'],
    cos: ['sin'],
    exp: ['sqrt', 'expo'],
  },
  ...{
    array: ['arr', 'vector'],
    heatmap: ['clustermap', 'heat_map'],
    set_xticklabels: ['set_yticklabels'],
    cumsum: ['sort'],
  },
  ...{
    set_yticklabels: ['set_xticklabels'],
    invert_yaxis: ['invert_xaxis'],
    tick_params: ['set_tick_params'],
    dot: ['multiply'],
  },
};

/** Wrong names for keyword arguments. */
export const otherKeywords: Record<string, readonly string[]> = {
  ...{
    color: ['edgecolor', 'line_color'],
    label: ['legend_label', 'gid'],
    linewidth: ['line_width', 'markersize'],
    lw: ['ms', 'line_w'],
  },
  ...{
    fontsize: ['font_size', 'text_size'],
    alpha: ['opacity', 'zorder'],
    marker: ['symbol', 'marker_style'],
    linestyle: ['line_style', 'dashes'],
  },
  ...{
    figsize: ['fig_size', 'size'],
    cmap: ['color_map', 'colormap'],
    width: ['bar_width', 'linewidth'],
    bins: ['n_bins'],
  },
  ...{
    edgecolor: ['border_color', 'facecolor'],
    facecolor: ['fill_color', 'edgecolor'],
    s: ['size', 'linewidth'],
    c: ['color_by', 'linewidths'],
  },
  ...{
    loc: ['location', 'position'],
    rotation: ['angle', 'rotate'],
    ha: ['halign', 'va'],
    labels: ['names', 'label_list'],
  },
  ...{
    ncol: ['columns'],
    ncols: ['n_columns'],
    yerr: ['xerr', 'y_error'],
    capsize: ['cap_size'],
    bottom: ['base', 'left'],
    hatch: ['pattern'],
  },
  ...{
    arrowprops: ['arrow'],
    xytext: ['text_position'],
    autopct: ['percent_format'],
    startangle: ['start_angle'],
    frameon: ['frame'],
  },
  ...{
    ls: ['line_s'],
    weight: ['boldness'],
    markersize: ['marker_size', 'linewidth'],
    ms: ['marker_s', 'lw'],
    pad: ['distance'],
  },
};

/** Values that place a part, with others. */
export const otherPlaces: Record<string, readonly string[]> = {
  ...{
    'upper left': ['lower right', 'upper right'],
    'upper right': ['lower left', 'upper left'],
    best: ['center', 'lower left'],
  },
  ...{
    'lower left': ['upper right'],
    'lower right': ['upper left'],
    center: ['left', 'right'],
    left: ['right', 'center'],
  },
  ...{
    right: ['left', 'center'],
    top: ['bottom'],
    bottom: ['top'],
    'upper center': ['lower center'],
    'lower center': ['upper center'],
  },
  ...{
    'center left': ['center right'],
    'center right': ['center left'],
    vertical: ['horizontal'],
    horizontal: ['vertical'],
    edge: ['center'],
  },
};
