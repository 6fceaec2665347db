using Microsoft.Extensions.Logging;

namespace Speedup.Core.Plugins;

/// <summary>Log messages of plugin loading, events 5000 to 5099.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(5000, LogLevel.Information, "Plugin '{Plugin}' {Version}: {ModuleTypes} module types, {Functions} functions")]
    public static partial void PluginLoaded(this ILogger logger, string plugin, string version, int moduleTypes, int functions);

    [LoggerMessage(5001, LogLevel.Error, "Plugin '{Plugin}' in '{Folder}' failed at {Stage}. {Code}: {Reason}")]
    public static partial void PluginFailed(
        this ILogger logger,
        string plugin,
        string folder,
        PluginStage stage,
        string code,
        string reason,
        Exception? exception
    );

    [LoggerMessage(
        5002,
        LogLevel.Warning,
        "There is no plugin directory '{Directory}': only handlers that the host itself registers are in use"
    )]
    public static partial void NoPluginDirectory(this ILogger logger, string directory);

    [LoggerMessage(5003, LogLevel.Warning, "PluginOptions.Order names '{Plugin}', which is not loaded")]
    public static partial void UnknownInOrder(this ILogger logger, string plugin);

    [LoggerMessage(5005, LogLevel.Debug, "Plugin '{Plugin}' shares '{Library}' with the host")]
    public static partial void SharesLibrary(this ILogger logger, string plugin, string library);

    [LoggerMessage(
        5006,
        LogLevel.Debug,
        "Plugin '{Plugin}' would share '{Library}' with the host, which has none: no model can have modules of it"
    )]
    public static partial void NothingToShare(this ILogger logger, string plugin, string library);

    [LoggerMessage(5007, LogLevel.Information, "Loading plugin '{Plugin}' from '{Folder}'")]
    public static partial void LoadingPlugin(this ILogger logger, string plugin, string folder);

    [LoggerMessage(
        5008,
        LogLevel.Warning,
        "Loading plugin '{Plugin}' from '{Folder}' takes longer than {Limit}: its constructor, ConfigureServices or handlers do not come to an end, or the disk is "
            + "slow. Take the folder out to start without it"
    )]
    public static partial void SlowLoad(this ILogger logger, string plugin, string folder, TimeSpan limit);

    [LoggerMessage(5004, LogLevel.Warning, "A service of plugin '{Plugin}' could not be disposed")]
    public static partial void DisposeFailed(this ILogger logger, string plugin, Exception exception);
}
