namespace Speedup.Core.Plugins;

/// <summary>Stops the loading of one plugin; it never leaves this folder of the source.</summary>
internal sealed class PluginFault(PluginStage stage, string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public PluginStage Stage { get; } = stage;

    public string Code { get; } = code;

    public PluginFailure ToFailure(PluginCandidate plugin) =>
        new(plugin.Name, plugin.Folder, Stage, Message, InnerException) { Code = Code };
}
