using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>Random masks of every sort over the parameters of a network.</summary>
internal static class RandomMasks
{
    public static MaskSet Create(nn.Module model, int seed)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var entries = new List<MaskEntry>();
        double share = 0.2 + 0.6 * random.NextDouble();
        var seen = new List<Parameter>();
        foreach ((string path, nn.Module module) in model.named_modules())
        {
            Parameter? weight = Find(module, "weight");
            Parameter? bias = Find(module, "bias");
            if (weight is null || seen.Any(other => ReferenceEquals(other, weight)) || random.Next(4) == 0)
                continue;
            seen.Add(weight);
            Tensor mask = DrawWeightMask(module, weight, share, random);
            if (bias is not null && random.Next(3) == 0)
                entries.Add(new MaskEntry(path, "bias", DrawBiasMask(module, mask, bias, share, random).DetachFromDisposeScope()));
            entries.Add(new MaskEntry(path, "weight", mask.DetachFromDisposeScope()));
        }
        return new MaskSet(entries);
    }

    private static Tensor DrawWeightMask(nn.Module module, Parameter weight, double share, Random random)
    {
        Tensor mask = ones(weight.shape);
        int output = module is ConvTranspose2d ? 1 : 0;
        int choice = random.Next(10);
        if (choice == 0)
            return mask.zero_();
        if (choice == 1)
            return mask.mul_(Draw(weight.shape, share, random));
        if (choice != 2)
            Multiply(mask, output, share, random);
        if (choice is 2 or 3 && mask.dim() > 1)
            Multiply(mask, 1 - output, share, random);
        if (choice == 4)
            mask.mul_(Draw(weight.shape, 0.2, random));
        return mask;
    }

    private static Tensor DrawBiasMask(nn.Module module, Tensor weightMask, Parameter bias, double share, Random random)
    {
        int output = module is ConvTranspose2d ? 1 : 0;
        if (random.Next(3) == 0 || weightMask.shape[output] != bias.shape[0])
            return Draw(bias.shape, share, random);
        return weightMask.transpose(0, output).reshape(bias.shape[0], -1).amax([1]).clone();
    }

    private static void Multiply(Tensor mask, int axis, double share, Random random)
    {
        long[] shape = [.. Enumerable.Repeat(1L, (int)mask.dim())];
        shape[axis] = mask.shape[axis];
        mask.mul_(Draw([mask.shape[axis]], share, random).reshape(shape));
    }

    private static Tensor Draw(long[] shape, double share, Random random)
    {
        long count = shape.Aggregate(1L, (a, b) => a * b);
        float[] values = [.. Enumerable.Range(0, (int)count).Select(_ => random.NextDouble() < share ? 0f : 1f)];
        return tensor(values).reshape(shape);
    }

    private static Parameter? Find(nn.Module module, string name) =>
        module.named_parameters(recurse: false).FirstOrDefault(parameter => parameter.name == name).parameter;
}
