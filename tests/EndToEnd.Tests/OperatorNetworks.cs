using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EndToEnd.Tests;

/// <summary>One small network a family of operators. Masks go on all convolutions but the last.</summary>
internal static class OperatorNetworks
{
    /// <summary>Channels that change places, as module and as function, around a grouped convolution.</summary>
    public sealed class Shuffle : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 12, 3, padding: 1);
        private readonly ChannelShuffle shuffle = ChannelShuffle(2);
        private readonly Conv2d conv2 = Conv2d(12, 12, 3, groups: 12);
        private readonly Conv2d conv3 = Conv2d(12, 12, 1);
        private readonly Conv2d last = Conv2d(12, 4, 1);

        public Shuffle()
            : base(nameof(Shuffle)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = shuffle.forward(functional.relu(conv1.forward(input)));
            x = functional.relu(conv3.forward(conv2.forward(x)));
            return last.forward(x.channel_shuffle(3));
        }
    }

    /// <summary>Channels that become positions and back.</summary>
    public sealed class Pixels : Module<Tensor, Tensor>
    {
        private readonly PixelUnshuffle unshuffle = PixelUnshuffle(2);
        private readonly Conv2d conv1 = Conv2d(12, 16, 3, padding: 1);
        private readonly PReLU slopes = PReLU(16);
        private readonly Conv2d conv2 = Conv2d(16, 24, 3, padding: 1);
        private readonly PixelShuffle shuffle = PixelShuffle(2);
        private readonly Conv2d last = Conv2d(6, 3, 3, padding: 1);

        public Pixels()
            : base(nameof(Pixels)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = slopes.forward(conv1.forward(unshuffle.forward(input)));
            return last.forward(functional.pixel_shuffle(conv2.forward(x), 2) + shuffle.forward(conv2.forward(x)));
        }
    }

    /// <summary>Every kind of padding module, and norms of single samples.</summary>
    public sealed class Padded : Module<Tensor, Tensor>
    {
        private readonly ReflectionPad2d reflect = ReflectionPad2d(1);
        private readonly Conv2d conv1 = Conv2d(3, 10, 3);
        private readonly InstanceNorm2d norm1 = InstanceNorm2d(10, affine: true);
        private readonly ReplicationPad2d replicate = ReplicationPad2d((1, 1, 0, 2));
        private readonly Conv2d conv2 = Conv2d(10, 8, 3);
        private readonly GroupNorm norm2 = GroupNorm(8, 8);
        private readonly ZeroPad2d zero = ZeroPad2d(1);
        private readonly Conv2d conv3 = Conv2d(8, 6, 3);
        private readonly ConstantPad2d constant = ConstantPad2d(1, 0.5);
        private readonly Conv2d last = Conv2d(6, 3, 3);

        public Padded()
            : base(nameof(Padded)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(norm1.forward(conv1.forward(reflect.forward(input))));
            x = norm2.forward(conv2.forward(replicate.forward(x)));
            x = functional.relu(conv3.forward(zero.forward(x)));
            return last.forward(constant.forward(functional.pad(x, (1L, 0L, 0L, 2L), PaddingModes.Circular)));
        }
    }

    /// <summary>A decoder that puts values back where the encoder took them.</summary>
    public sealed class Unpooled : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 10, 3, padding: 1);
        private readonly MaxPool2d pool = MaxPool2d(2);
        private readonly Conv2d conv2 = Conv2d(10, 10, 3, padding: 1, bias: false);
        private readonly MaxUnpool2d unpool = MaxUnpool2d([2, 2], [2, 2], [0, 0]);
        private readonly Conv2d last = Conv2d(10, 3, 3, padding: 1);

        public Unpooled()
            : base(nameof(Unpooled)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (x, indices) = pool.forward_with_indices(functional.relu(conv1.forward(input)));
            return last.forward(unpool.forward(conv2.forward(x), indices));
        }
    }

    /// <summary>A shortcut with fewer channels than the branch beside it.</summary>
    public sealed class Shortcut : Module<Tensor, Tensor>
    {
        private readonly bool isHardCoded;
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d conv2 = Conv2d(8, 14, 3, padding: 1);
        private readonly Conv2d last = Conv2d(14, 3, 1);

        public Shortcut(bool isHardCoded)
            : base(nameof(Shortcut))
        {
            this.isHardCoded = isHardCoded;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(conv1.forward(input));
            Tensor y = conv2.forward(x);
            long missing = isHardCoded ? 6 : y.shape[1] - x.shape[1];
            return last.forward(functional.relu(y + functional.pad(x, [0, 0, 0, 0, 0, missing])));
        }
    }

    /// <summary>Neighbouring channels, and patches.</summary>
    public sealed class Patches : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly Unfold unfold = Unfold(2, stride: 2);
        private readonly Conv1d conv2 = Conv1d(32, 24, 1);
        private readonly Fold fold = Fold((8L, 8L), (2L, 2L), stride: (2L, 2L));
        private readonly Conv2d conv3 = Conv2d(6, 8, 3, padding: 1);
        private readonly LocalResponseNorm norm = LocalResponseNorm(3, alpha: 0.1);
        private readonly Conv2d last = Conv2d(8, 3, 1);

        public Patches()
            : base(nameof(Patches)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(conv1.forward(input));
            x = fold.forward(functional.relu(conv2.forward(unfold.forward(x))));
            return last.forward(norm.forward(functional.relu(conv3.forward(x))));
        }
    }

    /// <summary>Two embeddings, compared.</summary>
    public sealed class Compared : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 12, 3, padding: 1);
        private readonly Conv2d conv2 = Conv2d(12, 12, 3, bias: false);
        private readonly CosineSimilarity similarity = CosineSimilarity(1, 1e-8);
        private readonly PairwiseDistance distance = PairwiseDistance(2, 0);

        public Compared()
            : base(nameof(Compared)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor first = Embed(input);
            Tensor second = Embed((input * 0.5) + 0.3);
            Tensor unit = functional.normalize(first, 2, 1) - functional.normalize(second, 2, 1);
            return stack([similarity.forward(first, second), distance.forward(first, second), unit.sum(1)], 1);
        }

        private Tensor Embed(Tensor input) => functional.relu(conv2.forward(functional.relu(conv1.forward(input)))).mean([2, 3]);
    }
}
