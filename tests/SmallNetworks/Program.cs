using SmallNetworks;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using static TorchSharp.torch;

// Loads each small model of a folder into a freshly built dense one and compares what it computes with what was computed where it was made.
string folder = args[0];
foreach (string file in Directory.EnumerateFiles(folder, "*.speedup").Order(StringComparer.Ordinal))
{
    string name = Path.GetFileNameWithoutExtension(file);
    Console.WriteLine($"{name} {Check(SmallNetworkCatalog.Find(name), file)}");
}
Console.WriteLine(
    $"plugins {AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name!.StartsWith("Speedup.Plugins", StringComparison.Ordinal))}"
);

static string Check(SmallNetwork network, string file)
{
    using nn.Module model = SmallModel.Load(network.Fresh(), file);
    IReadOnlyList<Tensor> outputs = network.RunAll(model);
    using StateDict expected = StateDictFile.Load(Path.ChangeExtension(file, ".safetensors"));
    if (outputs.Count != expected.Count)
        return $"{outputs.Count} outputs instead of {expected.Count}";
    for (int i = 0; i < outputs.Count; i++)
    {
        if (!outputs[i].bytes.SequenceEqual(expected[$"output{i}"].bytes))
            return $"differs in output {i}";
    }
    return "equal";
}
