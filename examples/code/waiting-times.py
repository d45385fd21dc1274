import matplotlib.pyplot as plt
import numpy as np

random = np.random.default_rng(11)
desks = ['Desk A', 'Desk B', 'Desk C', 'Desk D']
waits = [random.gamma(shape, 2.0, 120) for shape in (2.0, 3.1, 1.6, 4.0)]

fig, axes = plt.subplots(1, 2, figsize=(8, 3.6), dpi=100)
parts = axes[0].boxplot(waits, patch_artist=True, widths=0.5)
for box, color in zip(parts['boxes'], ['#a6cee3', '#b2df8a', '#fb9a99', '#fdbf6f']):
    box.set_facecolor(color)
axes[0].set_xticks([1, 2, 3, 4])
axes[0].set_xticklabels(desks, rotation=20)
axes[0].set_ylabel('minutes')
axes[0].set_title('Waiting time by desk')

axes[1].hist(waits[3], bins=16, color='#fdbf6f', edgecolor='black', linewidth=0.6)
axes[1].axvline(8, color='navy', linewidth=1.5)
axes[1].set_title('Desk D')
axes[1].set_xlabel('minutes')
axes[1].set_ylabel('visitors')
fig.tight_layout()
fig.savefig('waiting.png')
