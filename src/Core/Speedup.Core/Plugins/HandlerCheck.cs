using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Whether a host has the handlers that it means to have. Without any, nearly all channels would stay, in silence.</summary>
internal static class HandlerCheck
{
    private const string Remedy =
        "Reference the package Speedup, which puts the built-in plugins beside the program; or name the folder that holds plugins, in "
        + $"PluginOptions.Directory or the environment variable {PluginDirectory.Variable}, and start the program again. "
        + "PluginOptions.AllowNone permits a speedup without handlers; the model is unchanged.";

    /// <summary>Throws where there is no handler, or not the folder of plugins that was asked for.</summary>
    /// <exception cref="SpeedupException">SPD5001 or SPD5030.</exception>
    public static void Demand(HandlerRegistry handlers)
    {
        PluginFailure? missing = handlers.Catalog?.Failures.FirstOrDefault(failure => failure.Code == PluginFaults.DirectoryMissing);
        if (missing is not null)
            throw new SpeedupException(missing.Code, $"{missing.Message} PluginOptions.AllowNone permits a speedup without it.");
        if (handlers.IsEmpty)
            throw new SpeedupException(PluginFaults.NoHandler, $"No plugin is loaded: {WhyNone(handlers.Catalog)} {Remedy}");
    }

    private static string WhyNone(PluginCatalog? catalog)
    {
        if (catalog is null)
            return "the HandlerRegistry that the host registers is empty.";
        string path = catalog.Directory.Path;
        if (catalog.Failures is [var first, ..])
        {
            string more = catalog.Failures.Count == 1 ? "" : $", and {catalog.Failures.Count - 1} more";
            return $"'{first.Name}' in '{path}' failed ({first.Code}: {first.Message}){more}.";
        }
        return Directory.Exists(path)
            ? $"there is none in '{path}'."
            : $"there is no folder 'plugins' beside the program or above it ('{path}').";
    }
}
