import matplotlib.pyplot as plt

labels = ['Wind', 'Solar', 'Hydro', 'Biomass', 'Other']
shares = [38, 24, 19, 12, 7]
colors = ['#4e79a7', '#f1ce63', '#76b7b2', '#59a14f', '#bab0ac']

fig, (left, right) = plt.subplots(1, 2, figsize=(8, 4), dpi=100)
left.pie(shares, labels=labels, colors=colors, startangle=90, autopct='%d%%',
         wedgeprops=dict(width=0.45, edgecolor='white'))
left.set_title('Share in 2025')

years = ['2021', '2022', '2023', '2024', '2025']
output = [31, 35, 42, 47, 58]
right.barh(years, output, color='#4e79a7', height=0.6)
right.set_title('Output')
right.set_xlabel('terawatt hours')
for position, value in enumerate(output):
    right.text(value + 1, position, str(value), va='center', fontsize=9)
right.set_xlim(0, 66)
fig.tight_layout()
fig.savefig('energy.png')
