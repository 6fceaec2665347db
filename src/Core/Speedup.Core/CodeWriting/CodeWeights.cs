using Speedup.Core.CodeWriting.Plans;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting;

/// <summary>The weights of a plan, under the names that its code gives them, in a file that the code's own library reads.</summary>
internal static class CodeWeights
{
    /// <summary>Writes the file as a whole or not at all.</summary>
    public static void Write(CodePlan plan, CodeTarget target)
    {
        Dictionary<string, Tensor> tensors = Collect(plan);
        if (target.Language == CodeLanguage.PyTorch)
        {
            using var content = new StateDict();
            foreach ((string name, Tensor tensor) in tensors)
                content.Add(name, tensor.detach().alias());
            StateDictFile.Save(content, target.WeightsPath);
            return;
        }
        AtomicFile.Write(
            target.WeightsPath,
            stream =>
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                nn.Module.save_state_dict(writer, tensors, []);
            }
        );
    }

    private static Dictionary<string, Tensor> Collect(CodePlan plan)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (CodeModule module in plan.Modules)
        foreach ((string name, Tensor tensor) in module.Module.state_dict())
            tensors[$"{module.Name}.{name}"] = tensor;
        foreach (CodeTensor own in plan.OwnTensors)
            tensors[own.Name] = own.Tensor;
        return tensors;
    }
}
