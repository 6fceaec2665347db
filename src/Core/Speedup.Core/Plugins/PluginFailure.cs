namespace Speedup.Core.Plugins;

/// <summary>Why a plugin, or one of its handlers, is not in use.</summary>
/// <param name="Name">The plugin's name: that of its folder.</param>
/// <param name="Folder">Full path of its folder.</param>
/// <param name="Stage">How far it came. Before <see cref="PluginStage.Register"/> nothing of the plugin is in use.</param>
/// <param name="Message">What happened, where, and what to do.</param>
/// <param name="Exception">The cause, if it was one.</param>
public sealed record PluginFailure(string Name, string Folder, PluginStage Stage, string Message, Exception? Exception)
{
    /// <summary>Permanent code, such as <c>SPD5014</c>; docs/errors/plugins.md explains it.</summary>
    public required string Code { get; init; }
}
