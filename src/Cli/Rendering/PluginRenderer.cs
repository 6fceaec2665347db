using Spectre.Console;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>Prints the plugin catalog.</summary>
internal sealed class PluginRenderer(IAnsiConsole console)
{
    /// <summary>Prints what is loaded, then what is not.</summary>
    public void Render(IPluginCatalog catalog)
    {
        Table table = Tables.Create("Plugins", "Name", "Version", "Module types", "Functions", "Pruners");
        table.ShowRowSeparators();
        foreach (PluginJson plugin in catalog.Plugins.Select(PluginJson.Of))
            table.AddText(
                plugin.Name,
                plugin.Version,
                string.Join('\n', plugin.ModuleTypes),
                string.Join('\n', plugin.Functions),
                string.Join('\n', plugin.Pruners.Select(pruner => pruner.Name))
            );
        console.Write(table);
        foreach (PluginInfo plugin in catalog.Plugins)
            console.WriteLine($"{plugin.Name}: {plugin.Path}, contract {plugin.ContractVersion}");
        if (catalog.Plugins.Count == 0)
            console.WriteLine(
                "No plugin is loaded. Install the tool again (in a clone of its repository, build src/Plugins), or name a folder with --plugins."
            );
        RenderFailures(catalog.Failures);
    }

    private void RenderFailures(IReadOnlyList<PluginFailure> failures)
    {
        if (failures.Count == 0)
            return;
        Table table = Tables.Create("Failures", "Name", "Stage", "Message", "Causes");
        foreach (PluginFailureJson failure in failures.Select(PluginFailureJson.Of))
            table.AddText(failure.Name, failure.Stage.ToString(), Message(failure), string.Join('\n', failure.Causes));
        console.Write(table);
    }

    private static string Message(PluginFailureJson failure) =>
        failure.Message.StartsWith(failure.Code, StringComparison.Ordinal) ? failure.Message : $"{failure.Code}: {failure.Message}";
}
