using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(WrongEntry.WrongEntryPlugin))]

namespace WrongEntry;

public sealed class WrongEntryPlugin;
