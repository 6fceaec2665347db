namespace Speedup.Cli.Doctor;

/// <summary>A symbol version that a shared library requires of another one.</summary>
/// <param name="Library">The other library, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="IsWeak">Whether the loader accepts its absence.</param>
internal sealed record VersionNeed(string Library, string Version, bool IsWeak);
