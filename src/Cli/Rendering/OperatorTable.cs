using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>Writes what the loaded plugins handle as Markdown; <c>docs/operators.md</c> is its output for the plugins of this repository.</summary>
internal sealed class OperatorTable(TextWriter output)
{
    private const string Introduction = """
        # Operators

        <!-- Written by `speedup plugins --markdown`; do not edit. The words are the handlers' own (`Description`). -->

        What each operator does with what is known of its tensors. *Masks*, *constants* and *unused* are the three functions that infer:
        which outputs the masks of the weights make constant and which inputs unused, what becomes of constant inputs, and which inputs
        are unused because outputs are. *Folded* is what the smaller operator takes over of the constants that go, *kept* what stays
        although it could go. What is in no table is a barrier: it keeps all that it touches, and the report names it.

        Functions stand here by name, whether they are called on `torch`, `Tensor`, `nn.functional` or a module, in place or not. Modules of
        TorchSharp stand here with `nn.`, those of `Speedup.Modules` by the name of their class.
        """;

    /// <summary>Writes one table a plugin, and what is excluded.</summary>
    public void Write(IPluginCatalog catalog, IEnumerable<ExcludedOperators> excluded)
    {
        output.WriteLine(Introduction);
        foreach (PluginInfo plugin in catalog.Plugins.Where(plugin => plugin.Operators.Count > 0))
            WritePlugin(plugin);
        Line("", "## Without a handler", "", "| Operators | Reason |", "|---|---|");
        foreach (ExcludedOperators group in excluded)
            Row(
                Names([
                    .. (group.Modules ?? []).Select(name => name.Contains('.', StringComparison.Ordinal) ? name : $"nn.{name}"),
                    .. group.Functions ?? [],
                ]),
                group.Reason
            );
    }

    private void WritePlugin(PluginInfo plugin)
    {
        Line("", $"## {plugin.Name}", "", "| Operators | Masks | Constants | Unused | Folded | Kept |", "|---|---|---|---|---|---|");
        var described = plugin.Operators.GroupBy(handler => handler.Description ?? NotDescribed);
        foreach (IGrouping<OperatorDescription, OperatorInfo> family in described)
        {
            IEnumerable<string> modules = family.SelectMany(handler => handler.ModuleTypes).Select(NameOf);
            IEnumerable<string> functions = family
                .SelectMany(handler => handler.Functions)
                .Select(function => function.Name.TrimEnd('_'))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal);
            OperatorDescription words = family.Key;
            Row(Names([.. modules, .. functions]), words.Weight, words.Input, words.Output, words.Folded, words.Kept);
        }
    }

    private static string NameOf(Type module) => module.Namespace == "TorchSharp.Modules" ? $"nn.{module.Name}" : module.Name;

    private static OperatorDescription NotDescribed { get; } = new("not described", "not described", "not described");

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    private void Row(params string[] cells) =>
        Line($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");

    private void Line(params string[] lines)
    {
        foreach (string line in lines)
            output.WriteLine(line);
    }
}
