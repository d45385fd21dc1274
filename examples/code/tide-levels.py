import matplotlib.pyplot as plt
import numpy as np

hours = np.linspace(0, 24, 97)
level = 1.8 + 1.3 * np.sin(2 * np.pi * (hours - 2.4) / 12.4)

fig, ax = plt.subplots(figsize=(7, 4), dpi=100)
ax.fill_between(hours, level, 0, color='#cfe8ef', alpha=0.8)
ax.plot(hours, level, color='#2f6f86', linewidth=2.2, label='measured level')
ax.axhline(2.6, color='crimson', linestyle='--', linewidth=1.2, label='quay floods')
ax.annotate('high water', xy=(5.5, 3.1), xytext=(8.2, 3.5), fontsize=10,
            arrowprops=dict(arrowstyle='->', color='#444444'))
ax.set_title('Tide at the northern quay', fontsize=13)
ax.set_xlabel('hour of the day')
ax.set_ylabel('level (m)')
ax.set_xlim(0, 24)
ax.set_ylim(0, 4)
ax.grid(alpha=0.3)
ax.legend(loc='upper right', fontsize=9)
fig.tight_layout()
fig.savefig('tide.png')
