using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Doctor;

/// <summary>Looks at the drop-in folder.</summary>
/// <param name="load">Loads the plugins.</param>
internal sealed class PluginCheck(Func<IPluginCatalog> load) : IDoctorCheck
{
    private const string Subject = "Plugins";

    public IEnumerable<Finding> Run()
    {
        try
        {
            return [.. Describe(load())];
        }
        catch (SpeedupException exception)
        {
            return
            [
                new Finding(Subject, FindingStatus.Missing, exception.Message, "Correct the folder given by --plugins or SPEEDUP_PLUGINS."),
            ];
        }
    }

    private static IEnumerable<Finding> Describe(IPluginCatalog catalog)
    {
        string[] folders = [.. catalog.Plugins.Select(plugin => Path.GetDirectoryName(Path.GetDirectoryName(plugin.Path))!).Distinct()];
        if (folders.Length > 0)
            yield return new Finding(Subject, FindingStatus.Ok, $"{catalog.Plugins.Count} loaded from {string.Join(", ", folders)}");
        else
            yield return new Finding(
                Subject,
                FindingStatus.Missing,
                "none loaded",
                "Install the tool again (in a clone of its repository, build src/Plugins), or name a folder of plugins with --plugins."
            );
        foreach (PluginFailure failure in catalog.Failures)
            yield return new Finding(
                $"Plugin {failure.Name}",
                FindingStatus.Missing,
                failure.Message,
                "See `speedup plugins` for the causes."
            );
    }
}
