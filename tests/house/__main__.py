import sys

from . import House, figures

house = House()
for label, figure in figures.get_figures(house).items():
    print(f"{label}: {figure}")
if "-v" in sys.argv:
    overrides = figures.get_overrides(house)
    print("\nmost overridden:")
    for (model, name), rooms in sorted(overrides.items(), key=lambda p: -len(p[1]))[
        :12
    ]:
        print(f"  {model}.{name} {len(rooms)}: {', '.join(rooms)}")
    print("\nhooks of the first room, and the rooms that extend them:")
    for name, rooms in figures.get_hooks(house).items():
        print(f"  {name} {len(rooms)}: {', '.join(sorted(rooms, key=house.place))}")
    print("\nhooks replaced, and super() without anything below:")
    print(*sorted([*figures.get_cuts(house), *figures.get_gaps(house)]), sep="\n")
    print("\narrows back:")
    for found in house.back.values():
        print(*sorted(house.describe(*pair) for pair in found), sep="\n")
